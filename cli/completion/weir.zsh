#compdef weir
# SPDX-License-Identifier: Apache-2.0
# Completion of weir for zsh. The program's own help lists what each command takes.
_weir() {
  local -a commands options
  commands=(
    'run:run a script of Flink SQL'
    'query:run one query'
    'convert:copy a file into another format'
    'inspect:columns, rows and range of time of a file'
    'explain:say how a query would be run'
    'doctor:say what this machine and this build have'
    'help:help on a command'
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  case ${words[CURRENT - 1]} in
    -o|--output) compadd table csv ndjson arrow; return ;;
    --simd) compadd baseline avx2 avx512 auto; return ;;
    --stats-file) _files; return ;;
  esac
  if [[ ${words[CURRENT]} == -* ]]; then
    options=(${(f)"$(${words[1]} ${words[2]} --help 2>/dev/null | sed -n 's/^  \(-., \)\{0,1\} *\(--[a-z-]*\).*/\2/p')"})
    compadd -a options
    return
  fi
  _files
}
_weir "$@"
