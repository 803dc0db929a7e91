# title: Maven, empty local repository
# needs: mvn javac
mkdir -p src/main/java && echo 'public class App { public static void main(String[] a) { System.out.println(test.Left.of("maven")); } }' >src/main/java/App.java
plugin() { echo "<plugin><artifactId>maven-$1-plugin</artifactId><version>$2</version></plugin>"; }
cat >pom.xml <<X
<project><modelVersion>4.0.0</modelVersion><groupId>test.app</groupId><artifactId>app</artifactId><version>1</version>
 <properties><maven.compiler.release>11</maven.compiler.release><project.build.sourceEncoding>UTF-8</project.build.sourceEncoding></properties>
 <dependencies><dependency><groupId>test.left</groupId><artifactId>left</artifactId><version>1.0</version></dependency></dependencies>
 <repositories><repository><id>own</id><url>https://$HOST/own</url></repository></repositories>
 <build><plugins>$(plugin resources 3.3.1)$(plugin compiler 3.14.1)$(plugin jar 3.4.2)$(plugin surefire 3.5.4)</plugins></build></project>
X
echo "<settings><mirrors><mirror><id>m</id><mirrorOf>*,!own</mirrorOf><url>https://$HOST/maven</url></mirror></mirrors></settings>" >settings.xml
export MAVEN_OPTS="$JAVA_TRUST"
mvn -B -ntp -s settings.xml -Dmaven.repo.local="$PWD/repository" -DskipTests -Daether.connector.http.retryHandler.count=0 package >log 2>&1 ||
    { grep ERROR log | head -n 3 >&2; exit 1; }
java -cp "target/app-1.jar:repository/test/left/left/1.0/left-1.0.jar" App
