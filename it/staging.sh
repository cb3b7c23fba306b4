# Functions of the scripts in this folder: stage a copy of this checkout as a release would be, in a temporary folder. Nothing of
# it touches the local Maven repository of the user. To be sourced; the name of the script is in $0.
checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/zookit-$(basename "$0").XXXXXX")
repository=$work/repository
settings=()
start=$(date +%s)

fail() { echo "it/$(basename "$0"): $*" >&2; exit 1; }

step() { printf '%4d s  %s\n' $(($(date +%s) - start)) "$*"; }

clean_up() { rm -rf "$work"; }
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# --repository DIR: the local Maven repository for the build of the copy (default: an empty one)
# --settings FILE: Maven's settings, such as a mirror of Maven Central
# Others are left in the array words.
words=()
read_options() {
  while [ $# -gt 0 ]; do
    case $1 in
      --repository) repository=$(cd "$2" && pwd); shift 2 ;;
      --settings) settings=(-s "$(cd "$(dirname "$2")" && pwd)/$(basename "$2")"); shift 2 ;;
      -*) fail "$1 (expected: --repository DIR, --settings FILE)" ;;
      *) words+=("$1"); shift ;;
    esac
  done
}

maven() { # local repository, arguments
  local own=$1
  shift
  mvn -B -ntp -Dstyle.color=never "${settings[@]}" -Dmaven.repo.local="$own" "$@"
}

# Deploys modules into the folder $staging.
stage() { # arguments that choose the modules
  step "a copy of the checkout"
  mkdir "$work/zookit"
  tar -C "$checkout" -cf - --exclude=./.git --exclude=target . | tar -xf - -C "$work/zookit"
  step "staging: jars, sources, Javadoc, SBOM"
  (cd "$work/zookit" &&
    maven "$repository" -q -Dfast -Prelease -Dgpg.skip -Dmaven.test.skip=true "$@" deploy) ||
    fail "the copy cannot be staged"
  staging=$work/zookit/target/staging
  version=$(sed -n 's|^ *<version>\(.*\)</version>.*|\1|p' "$work/zookit/pom.xml" | head -n 1)
}
