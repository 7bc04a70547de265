# SPDX-License-Identifier: Apache-2.0
# Completion of weir for fish. The program's own help lists what each command takes.
function __weir_options
  set -l words (commandline -opc)
  test (count $words) -ge 2; or return
  $words[1] $words[2] --help 2>/dev/null | string match -rg -- '^  (?:-., )? *(--[a-z-]+)'
end
set -l commands run query convert inspect explain doctor
complete -c weir -n "not __fish_seen_subcommand_from $commands" -f -a run -d 'run a script of Flink SQL'
complete -c weir -n "not __fish_seen_subcommand_from $commands" -f -a query -d 'run one query'
complete -c weir -n "not __fish_seen_subcommand_from $commands" -f -a convert -d 'copy a file into another format'
complete -c weir -n "not __fish_seen_subcommand_from $commands" -f -a inspect -d 'columns, rows and range of time of a file'
complete -c weir -n "not __fish_seen_subcommand_from $commands" -f -a explain -d 'say how a query would be run'
complete -c weir -n "not __fish_seen_subcommand_from $commands" -f -a doctor -d 'say what this machine and this build have'
complete -c weir -n "__fish_seen_subcommand_from $commands; and string match -q -- '-*' (commandline -ct)" -a '(__weir_options)'
complete -c weir -n "__fish_seen_subcommand_from run query" -s o -l output -x -a 'table csv ndjson arrow'
complete -c weir -n "__fish_seen_subcommand_from run query convert explain" -l simd -x -a 'baseline avx2 avx512 auto'
