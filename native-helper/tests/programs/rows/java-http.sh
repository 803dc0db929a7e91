# title: Java: HttpClient with HTTP/2, and URLConnection
# needs: java javac
cat >App.java <<'J'
import java.net.*; import java.net.http.*;
public class App { public static void main(String[] a) throws Exception {
    URI uri = URI.create("https://" + System.getenv("HOST") + "/");
    var answer = HttpClient.newHttpClient().send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    System.out.print(answer.version() + " " + answer.statusCode() + " " + answer.body());
    var connection = (HttpURLConnection) uri.toURL().openConnection();
    System.out.println(connection.getResponseCode() + " " + new String(connection.getInputStream().readAllBytes()).trim());
} }
J
java $JAVA_TRUST App.java
