package dev.parley.site;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;

/// Reads a directory of Markdown pages and writes a directory of HTML pages.
public final class Site {
    private static final String STYLE = "style.css";
    private static final String MENU = "index";

    private final Path source;
    private final Path target;

    private Site(Path source, Path target) {
        this.source = source;
        this.target = target;
    }

    public static void main(String[] args) throws IOException {
        make(Path.of(args[0]), Path.of(args[1]));
    }

    /// @param source with the pages, `index.md` among them, whose lists of links are the menu
    /// @param target which is made anew
    static void make(Path source, Path target) throws IOException {
        new Site(source.toRealPath(), target).write();
    }

    private void write() throws IOException {
        Files.createDirectories(target);
        var pages = new TreeMap<String, Page>();
        for (var file : files()) {
            var name = file.getFileName().toString();
            if (name.endsWith(".md")) {
                var page = Page.of(name.substring(0, name.length() - 3), Files.readString(file));
                pages.put(page.name(), page);
            } else {
                var copy = target.resolve(source.relativize(file));
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
            }
        }
        var menu = Objects.requireNonNull(pages.get(MENU), "there is no index.md in " + source)
                .menu();
        for (var page : pages.values()) {
            Files.writeString(target.resolve(page.name() + ".html"), page.html(menu, this::outside));
        }
        try (InputStream style = Objects.requireNonNull(Site.class.getResourceAsStream(STYLE))) {
            Files.copy(style, target.resolve(STYLE), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private List<Path> files() throws IOException {
        try (var files = Files.walk(source)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    /// A file beside the pages that one of them links to, such as an example: it is copied, so that the link leads
    /// somewhere wherever the site is read. Source code is for who has all of it, and is only named.
    ///
    /// @return its place in the site; empty for one that is not there
    private String outside(String link) {
        var file = source.resolve(link).normalize();
        if (!Files.exists(file)) {
            throw new IllegalStateException("a page links to " + link + ", which does not exist");
        }
        if (Files.isDirectory(file) || file.toString().contains("/src/")) {
            return "";
        }
        var name = "files/" + file.getFileName();
        try {
            Files.createDirectories(target.resolve("files"));
            Files.copy(file, target.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return name;
    }
}
