package dev.parley.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The files of the page, read from the class path once and compressed once.
///
/// Each is at `/assets/{digest}/{path}`, where the digest is that of all files together: with any
/// change every address changes, so that a browser may keep what it has for ever, and modules of
/// two versions never meet in one page. Modules go out in few files, see [Bundles], style sheets in one.
/// `lit` is found by the import map, which stands in for `{imports}` in `index.html`, as the digest
/// does for `{digest}` and whether there is a session's cookie for `{session}`.
///
/// @param digest of all files together, in hexadecimal
/// @param indexOfKnown the same as `index` for a browser that has a session
/// @param importMapHash what `script-src` says for the import map (CSP Level 3 §2.3.1): without it a browser drops the
/// map
record Assets(Map<String, File> files, String digest, File index, File indexOfKnown, String importMapHash) {

    /// A file as it is sent.
    @SuppressWarnings("ArrayRecordComponent") // on its way to the socket, compared by nobody
    record File(String type, byte[] octets, byte[] gzipped) {}

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "json", "application/json",
            "svg", "image/svg+xml",
            "png", "image/png",
            "ico", "image/x-icon",
            "woff2", "font/woff2",
            "webmanifest", "application/manifest+json");

    private static final String INDEX = "index.html";

    /// The style sheets in the order of the cascade. They go out as one, which spares requests.
    private static final List<String> STYLES = List.of("tokens", "base", "parts", "views", "print");

    private static final String STYLE = "style.css";

    /// What the page uses of Lit, by the artifact that has it. `lit` itself only gathers these: naming them
    /// spares two requests and nothing is lost.
    private static final Map<String, List<String>> LIBRARIES = Map.of(
            "lit-element", List.of("lit-element.js"),
            "lit-html",
                    List.of(
                            "lit-html.js",
                            "directive.js",
                            "directive-helpers.js",
                            "directives/live.js",
                            "directives/repeat.js"),
            "lit__reactive-element", List.of("reactive-element.js", "css-tag.js"));

    /// What the page's SharedWorker runs, which finds no import map.
    private static final Set<String> OF_THE_WORKER = Set.of("api/hub.js", "api/stream.js");

    private static final Pattern BLOCK_COMMENT = Pattern.compile("/\\*\\*.*?\\*/ ?", Pattern.DOTALL);
    private static final Pattern LINE_COMMENT = Pattern.compile("(?m)^[ \\t]*//.*$|^[ \\t]+");

    static Assets load() {
        try {
            var octets = new TreeMap<>(ownFiles());
            for (var library : LIBRARIES.entrySet()) {
                for (var name : library.getValue()) {
                    octets.put("lib/" + library.getKey() + "/" + name, ofLibrary(library.getKey(), name));
                }
            }
            var style = STYLES.stream()
                    .map(name -> text(octets, "style/" + name + ".css"))
                    .collect(Collectors.joining());
            octets.put(STYLE, Pages.utf8(style));
            bundle(octets);
            var digest = digest(octets);
            var index = text(octets, INDEX);
            var importMap = importMap(digest);
            var files = new TreeMap<String, File>();
            octets.forEach((path, file) -> files.put(path, file(path, file)));
            var page = index.replace("{imports}", importMap).replace("{digest}", digest);
            return new Assets(
                    files,
                    digest,
                    file(INDEX, Pages.utf8(page.replace("{session}", "none"))),
                    file(INDEX, Pages.utf8(page.replace("{session}", "perhaps"))),
                    "sha256-"
                            + Base64.getEncoder()
                                    .encodeToString(Idempotency.sha256().digest(Pages.utf8(importMap))));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the pages of this very program", e);
        }
    }

    /// A file that goes out as part of another, or changed.
    private static String text(Map<String, byte[]> octets, String path) {
        return new String(Objects.requireNonNull(octets.remove(path), path), StandardCharsets.UTF_8);
    }

    /// Puts the page's files of scripts in the place of its modules.
    private static void bundle(Map<String, byte[]> octets) {
        var modules = new TreeMap<String, String>();
        octets.forEach((path, file) -> {
            if (path.endsWith(".js") && !path.startsWith("lib/")) {
                modules.put(path, withoutComments(new String(file, StandardCharsets.UTF_8)));
            }
        });
        octets.keySet().removeAll(modules.keySet());
        Bundles.of(modules, OF_THE_WORKER).forEach((path, file) -> octets.put(path, Pages.utf8(file)));
    }

    Set<String> paths() {
        return files.keySet();
    }

    /// A file by its path below `web`, or `lib/…`.
    Optional<File> file(String path) {
        return Optional.ofNullable(files.get(path));
    }

    /// What is at `/assets/{digest}/{path}`. With the digest of another version there is nothing.
    Optional<File> atPath(String path) {
        var prefix = "/assets/" + digest + "/";
        return path.startsWith(prefix) ? file(path.substring(prefix.length())) : Optional.empty();
    }

    /// A module as a browser needs it: comments are for who reads the source. Our modules have them in two
    /// shapes only, a block that begins with two stars and a line of its own.
    private static String withoutComments(String module) {
        var without = BLOCK_COMMENT.matcher(module).replaceAll("");
        return LINE_COMMENT.matcher(without).replaceAll("").replaceAll("\n{2,}", "\n");
    }

    private static String importMap(String digest) {
        var base = "/assets/" + digest + "/lib/";
        var imports = new TreeMap<String, String>();
        imports.put("lit", base + "lit-element/lit-element.js");
        imports.put("lit-html", base + "lit-html/lit-html.js");
        imports.put("lit-html/", base + "lit-html/");
        imports.put("@lit/reactive-element", base + "lit__reactive-element/reactive-element.js");
        return Json.mapper().writeValueAsString(Map.of("imports", imports));
    }

    private static File file(String path, byte[] octets) {
        var type = Optional.ofNullable(TYPES.get(path.substring(path.lastIndexOf('.') + 1)))
                .orElseThrow(() -> new IllegalStateException("no media type is known for the page's " + path));
        return new File(type, octets, Gzip.packed(octets));
    }

    private static Map<String, byte[]> ownFiles() throws IOException {
        var root = Objects.requireNonNull(Assets.class.getResource("/web/" + INDEX), INDEX);
        try {
            var uri = root.toURI();
            if (!uri.getScheme().equals("jar")) {
                return below(Path.of(uri).resolveSibling(""));
            }
            var jar = uri.toString();
            try (var inside = FileSystems.newFileSystem(URI.create(jar.substring(0, jar.indexOf("!"))), Map.of())) {
                return below(inside.getPath("/web"));
            }
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }

    private static Map<String, byte[]> below(Path directory) throws IOException {
        var found = new TreeMap<String, byte[]>();
        try (var walk = Files.walk(directory)) {
            for (var path : walk.filter(Files::isRegularFile).toList()) {
                found.put(directory.relativize(path).toString().replace('\\', '/'), Files.readAllBytes(path));
            }
        }
        return found;
    }

    /// From a WebJar, whose folder has its version in its name.
    private static byte[] ofLibrary(String artifact, String name) throws IOException {
        var properties = new Properties();
        try (var in = resource("/META-INF/maven/org.webjars.npm/" + artifact + "/pom.properties")) {
            properties.load(in);
        }
        try (var in = resource(
                "/META-INF/resources/webjars/" + artifact + "/" + properties.getProperty("version") + "/" + name)) {
            return in.readAllBytes();
        }
    }

    private static InputStream resource(String path) {
        return Objects.requireNonNull(Assets.class.getResourceAsStream(path), path);
    }

    private static String digest(Map<String, byte[]> files) {
        var digest = Idempotency.sha256();
        files.forEach((path, octets) -> {
            digest.update(Pages.utf8(path + "\n" + octets.length + "\n"));
            digest.update(octets);
        });
        return HexFormat.of().formatHex(digest.digest(), 0, 8);
    }
}
