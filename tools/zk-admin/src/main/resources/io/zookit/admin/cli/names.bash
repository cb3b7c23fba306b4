
# The names of what exists, as a list command of the program writes them. The last list is kept for ten seconds.
_@PROGRAM@_list() {
  local key="$*"
  if [ "$key" != "${_@PROGRAM@_listed-}" ] || [ $((SECONDS - ${_@PROGRAM@_listed_at:-0})) -ge 10 ]; then
    _@PROGRAM@_names=$("$@" -o name --timeout 2s </dev/null 2>/dev/null)
    _@PROGRAM@_listed=$key
    _@PROGRAM@_listed_at=$SECONDS
  fi
}

# The list command for an argument of a command; nothing if the argument is no name.
_@PROGRAM@_list_command() { # command, position
  case $1:$2 in
@LISTS@
  esac
}

_@PROGRAM@() {
  local rest program command word previous position list name prefix
  local -a connection
  COMPREPLY=()
  _complete_@PROGRAM@
  [ ${#COMPREPLY[@]} -eq 0 ] || return 0
  rest=${COMP_LINE:0:COMP_POINT} program='' command='' previous='' position=0
  connection=()
  while :; do
    while [ "${rest# }" != "$rest" ]; do rest=${rest# }; done
    word=${rest%% *}
    [ "$word" != "$rest" ] || break
    rest=${rest#"$word"}
    if [ -z "$program" ]; then program=$word; continue; fi
    case $previous in
      --connect | --context | --root | --user) connection+=("$previous" "$word"); previous=''; continue ;;
      @VALUED@) previous=''; continue ;;
    esac
    previous=''
    case $word in
      --connect=* | --context=* | --root=* | --user=* | --allow-unauthenticated) connection+=("$word") ;;
      -*) previous=$word ;;
      *)
        case '@COMMANDS@' in
          *"|${command:+$command }$word|"*) command="${command:+$command }$word" ;;
          *) position=$((position + 1)) ;;
        esac ;;
    esac
  done
  case $previous in @VALUED@) return 0 ;; esac
  case $word in -*) return 0 ;; esac
  list=$(_@PROGRAM@_list_command "$command" "$position")
  [ -n "$list" ] || return 0
  # shellcheck disable=SC2086 # words without spaces
  _@PROGRAM@_list "$program" ${connection[@]+"${connection[@]}"} $list
  # bash replaces only what follows the last colon or equals sign.
  prefix=''
  [ -n "${ZSH_VERSION-}" ] || prefix=${word%"${word##*[:=]}"}
  # A name that a shell would have to quote is left out; none is ever evaluated.
  while IFS= read -r name; do
    case $name in
      *[!a-zA-Z0-9_./:@%+,-]* | '') ;;
      "$word"*) COMPREPLY+=("${name#"$prefix"}") ;;
    esac
  done <<<"$_@PROGRAM@_names"
}

complete -F _@PROGRAM@ -o default @PROGRAM@
