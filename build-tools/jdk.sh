# Finds a JDK 25 and says so in one line when there is none. Sets java and JAVA_HOME. To be sourced.
# POSTHOUSE_JDK_DIRS: folders to look into instead of the usual ones, for a JDK elsewhere and for tests.
is25() { [ -x "$1/bin/javac" ] && grep -qs '^JAVA_VERSION="25[."]' "$1/release"; }

find_jdk() {
  if [ -n "${JAVA_HOME-}" ] && is25 "$JAVA_HOME"; then return 0; fi
  local each
  if command -v javac >/dev/null 2>&1; then
    each=$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")
    if is25 "$each"; then JAVA_HOME=$each; return 0; fi
  fi
  local usual='/usr/lib/jvm/*25* /usr/lib/jvm/* /opt/*jdk*25* /opt/java/*'
  # shellcheck disable=SC2086 # patterns, to be expanded
  for each in ${POSTHOUSE_JDK_DIRS-$usual}; do
    if is25 "$each"; then JAVA_HOME=$each; return 0; fi
  done
  return 1
}

if ! find_jdk; then
  echo "posthouse: needs a JDK 25, and none is in JAVA_HOME, on the PATH or under /usr/lib/jvm; install openjdk-25-jdk or temurin-25-jdk, or set JAVA_HOME to one" >&2
  exit 2
fi
export JAVA_HOME
java=$JAVA_HOME/bin/java
