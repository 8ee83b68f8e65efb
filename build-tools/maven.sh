# Says in one line when Maven is missing; defines mvn_plainly. To be sourced after jdk.sh.
if ! command -v mvn >/dev/null 2>&1; then
  echo "posthouse: needs Maven 3.8.7 or newer to build, and there is no mvn on the PATH; install it with: apt-get install maven" >&2
  exit 2
fi

# Maven without colours and without what its own libraries make the JDK say.
mvn_plainly() {
  MAVEN_OPTS="${MAVEN_OPTS-} --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED" \
    mvn -B -ntp -Dstyle.color=never "$@"
}
