# SPDX-License-Identifier: Apache-2.0
# Completion of weir for bash: commands, the options of each, and their values.
_weir() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command= i options
  for ((i = 1; i < COMP_CWORD; i++)); do
    case ${COMP_WORDS[i]} in
      run | query | convert | inspect | explain | doctor) command=${COMP_WORDS[i]}; break ;;
    esac
  done
  COMPREPLY=()
  case $before in
    -o | --output) mapfile -t COMPREPLY < <(compgen -W 'table csv ndjson arrow' -- "$word"); return ;;
    --simd) mapfile -t COMPREPLY < <(compgen -W 'baseline avx2 avx512 auto' -- "$word"); return ;;
    --from | --to) mapfile -t COMPREPLY < <(compgen -W 'format= csv.header= csv.field-delimiter= csv.null-literal=' -- "$word"); compopt -o nospace; return ;;
    -w | --workers | --batch-rows | -D | --define) return ;;
  esac
  if [[ -z $command ]]; then
    mapfile -t COMPREPLY < <(compgen -W 'run query convert inspect explain doctor help --help --version' -- "$word")
    return
  fi
  if [[ $word == -* ]]; then
    # The program's own help lists what each command takes.
    options=$("${COMP_WORDS[0]}" "$command" --help 2>/dev/null | sed -n 's/^  \(-., \)\{0,1\} *\(--[a-z-]*\).*/\2/p')
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word")
    return
  fi
  compopt -o filenames
  mapfile -t COMPREPLY < <(compgen -f -- "$word")
}
complete -F _weir weir
