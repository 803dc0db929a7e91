package io.jenkins.plugins.hardenrunner.engine.container;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jenkins.plugins.hardenrunner.engine.container.DockerCommand.Kind;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.api.Test;

class DockerCommandTest {
    /** Words are separated by blanks; {@code ^} stands where the helper belongs. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            docker exec c1 ^ nohup sh -c x                                              | c1
            docker exec --env A=b --env C=d c1 ^ nohup sh -c x                          | c1
            docker exec --workdir /ws/sub --env A=b c1 ^ sh                             | c1
            docker exec c1 env A=b C=d ^ nohup sh -c x                                  | c1
            docker exec c1 env A=b C=d ^ sh -c cd_;exec_"$@" -- nohup sh                | c1
            docker exec c1 ^ env                                                        | c1
            docker exec c1 ^ env A=b                                                    | c1
            docker exec c1 ^ env -i A=b sh                                              | c1
            docker exec -w /x -e A=b -u 1000:1000 -it c1 ^ sh                           | c1
            docker exec --user=1000 --workdir=/x --tty c1 ^ sh                          | c1
            /opt/tools/docker/bin/docker exec 0a1b2c ^ sh                               | 0a1b2c
            docker exec --env docker=exec my.container_1-x ^ sh                         | my.container_1-x
            docker exec --env --env c1 ^ docker info                                    | c1
            docker exec c1 ^ kill -9 4                                                  | c1
            docker exec c1 ^ kill                                                       | c1
            docker exec c1 ^ ps -A -o pid,command e x                                   | c1
            """)
    void helperStandsBeforeTheCommandInTheContainer(String line, String container) {
        List<String> words = Arrays.asList(line.trim().split("\\s+"));
        int at = words.indexOf("^");
        List<String> argv = words.stream().filter(word -> !word.equals("^")).toList();
        DockerCommand parsed = DockerCommand.parse(argv);
        assertThat(parsed.kind(), is(Kind.EXEC));
        assertThat(parsed.container(), is(container));
        assertThat(parsed.commandAt(), is(at));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            nohup sh -c docker                                  | OTHER
            sh -c docker                                        | OTHER
            mydocker exec c1 sh                                 | OTHER
            docker-compose exec c1 sh                           | OTHER
            podman exec c1 sh                                   | OTHER
            docker exec c1 docker exec c2 sh                    | UNKNOWN
            docker exec c1 nice docker exec c2 sh               | UNKNOWN
            docker exec c1 env A=b docker exec c2 sh            | UNKNOWN
            nice docker exec c1 sh                              | UNKNOWN
            nice -n 5 /usr/bin/docker exec c1 sh                | UNKNOWN
            echo docker                                         | OTHER
            docker -v                                           | MANAGEMENT
            docker run -t -d -u 0:0 -w /ws -v /ws:/ws:rw,z img cat | MANAGEMENT
            docker inspect -f . img                             | MANAGEMENT
            docker top c1 -eo pid,comm                          | MANAGEMENT
            docker stop --time=1 c1                             | MANAGEMENT
            docker rm -f --volumes c1                           | MANAGEMENT
            docker exec c1 ps -A -o pid,command e               | MANAGEMENT
            docker exec c1 kill 17 18                           | MANAGEMENT
            docker                                              | UNKNOWN
            docker build .                                      | UNKNOWN
            docker login -u x                                   | UNKNOWN
            docker compose up                                   | UNKNOWN
            docker --host tcp://h exec c1 sh                    | UNKNOWN
            docker exec                                         | UNKNOWN
            docker exec c1                                      | UNKNOWN
            docker exec --env                                   | UNKNOWN
            docker exec --env A=b                               | UNKNOWN
            docker exec --detach c1 sh                          | UNKNOWN
            docker exec --something-new c1 sh                   | UNKNOWN
            docker exec --index=1 c1 sh                         | UNKNOWN
            docker exec -- c1 sh                                | UNKNOWN
            docker exec /c1 sh                                  | UNKNOWN
            """)
    void otherCommandLines(String line, Kind kind) {
        assertThat(DockerCommand.parse(Arrays.asList(line.trim().split("\\s+"))).kind(), is(kind));
    }

    @Test
    void emptyCommandLineIsNoClient() {
        assertThat(DockerCommand.parse(List.of()).kind(), is(Kind.OTHER));
        assertThat(DockerCommand.parse(List.of("")).kind(), is(Kind.OTHER));
    }

    /** A value may contain line ends, and must not be taken for the command. */
    @Test
    void valuesAreTakenAsTheyAre() {
        DockerCommand parsed = DockerCommand.parse(List.of("docker", "exec", "c1", "env", "A=one\ntwo=2", "B=", "sh"));
        assertThat(parsed.commandAt(), is(6));
        parsed = DockerCommand.parse(List.of("docker", "exec", "--env", "A=-x\nc2 sh", "c1", "sh"));
        assertThat(parsed.container(), is("c1"));
    }

    @Test
    void descriptionHasNoValues() {
        List<String> argv = List.of("docker", "run", "-e", "TOKEN=hunter2", "img", "cat");
        assertThat(DockerCommand.parse(argv).description(), is("docker run"));
    }

    @Test
    void anotherCommandInTheSameContainer() {
        List<String> argv = List.of("docker", "exec", "--workdir", "/ws", "c1", "nohup", "sh");
        assertThat(DockerCommand.parse(argv).inside(argv, List.of("helper", "probe")),
                is(List.of("docker", "exec", "--workdir", "/ws", "c1", "helper", "probe")));
        assertThrows(IllegalStateException.class,
                () -> DockerCommand.parse(List.of("sh")).inside(List.of("sh"), List.of("x")));
    }
}
