package dev.parley.modem;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `parley sim` as what it is: a program of its own, steered over its control API.
final class SimulatedNetwork implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Process process;
    private final Path directory;
    private final String control;
    private final HttpClient http = HttpClient.newHttpClient();

    private SimulatedNetwork(Process process, Path directory, String control) {
        this.process = process;
        this.directory = directory;
        this.control = control;
    }

    static SimulatedNetwork start(Path directory, String modem, String number) throws IOException {
        return start(directory, List.of(modem + "=" + number));
    }

    /// @param modems each `NAME=NUMBER`
    static SimulatedNetwork start(Path directory, List<String> modems) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-Xmx200m"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.parley.sim.Sim"));
        for (var modem : modems) {
            command.addAll(List.of("--modem", modem));
        }
        command.addAll(List.of("--dir", directory.toString()));
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("sim.log").toFile())
                .start();
        var state = directory.resolve("sim.json");
        try {
            Heard.until("the simulated network", () -> Files.exists(state) || !process.isAlive());
            return new SimulatedNetwork(
                    process,
                    directory,
                    JSON.readTree(Files.readString(state)).path("control").asString());
        } catch (AssertionError | IOException e) {
            process.destroyForcibly();
            throw new AssertionError(Files.readString(directory.resolve("sim.log")), e);
        }
    }

    Path port(String modem) {
        return directory.resolve(modem);
    }

    void modem(String name, String json) {
        call("PUT", "/modems/" + name, json);
    }

    /// What the control API tells of a modem.
    JsonNode modem(String name) {
        return call("GET", "/modems/" + name, "");
    }

    /// The ports of these modems as the system names them now; an unplugged one has none.
    List<Path> ptys(String... modems) {
        return Stream.of(modems)
                .map(name -> modem(name).path("pty").asString(""))
                .filter(pty -> !pty.isEmpty())
                .map(Path::of)
                .toList();
    }

    void send(String handset, String to, String text) {
        call("POST", "/handsets/" + plus(handset) + "/messages", """
                {"to": "%s", "text": "%s"}""".formatted(to, text));
    }

    List<String> texts(String handset) {
        var texts = new ArrayList<String>();
        for (var message : call("GET", "/handsets/" + plus(handset) + "/messages", "")) {
            texts.add(message.path("text").asString());
        }
        return texts;
    }

    private static String plus(String number) {
        return URLEncoder.encode(number, StandardCharsets.UTF_8);
    }

    private JsonNode call(String method, String path, String body) {
        try {
            var response = http.send(
                    HttpRequest.newBuilder(URI.create(control + path))
                            .method(method, HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() >= 300) {
                throw new AssertionError(method + " " + path + ": " + response.statusCode() + " " + response.body());
            }
            return JSON.readTree(response.body().isEmpty() ? "{}" : response.body());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        Heard.until("the end of the simulated network", () -> !process.isAlive());
    }
}
