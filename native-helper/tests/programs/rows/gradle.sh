# title: Gradle, its worker process and daemon on loopback
# needs: gradle javac
mkdir -p src/main/java && echo 'public class App { public static void main(String[] a) { System.out.println(test.Left.of("gradle")); } }' >src/main/java/App.java
cat >build.gradle <<G
apply plugin: 'java'
apply plugin: 'application'
mainClassName = 'App'
repositories { maven { url 'https://$HOST/own' } }
dependencies { compile 'test.left:left:1.0' }
G
echo "rootProject.name = 'app'" >settings.gradle
export JAVA_OPTS="$JAVA_TRUST" GRADLE_OPTS="$JAVA_TRUST"
gradle --no-daemon -g "$PWD/gradle-home" $JAVA_TRUST -q run >log 2>&1 || { head -n 6 log >&2; exit 1; }
grep '^left ' log
