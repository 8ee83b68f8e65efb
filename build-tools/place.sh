# Says in one line when the checkout lies where nothing can be run; defines may_build. To be sourced with root set.
case $root in
  *:*)
    echo "posthouse: there is a colon in the checkout's path, $root, and a Java class path is split there; move the checkout" >&2
    exit 2
    ;;
esac

# Whether this user may build here; prints what it may not write to.
may_build() {
  local each
  for each in build build/.lock build/app smtp/target core/target server/target; do
    each=$root/$each
    while [ ! -e "$each" ]; do each=$(dirname "$each"); done
    if [ ! -w "$each" ]; then
      printf '%s\n' "$each"
      return 1
    fi
  done
}
