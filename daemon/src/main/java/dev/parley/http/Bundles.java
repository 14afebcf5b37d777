package dev.parley.http;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The page's modules as a browser gets them: few files in place of many.
///
/// Forty modules are forty requests, one after the other as each is found to need the next, and forty
/// small texts that compress badly. So those that always come together are one file: all that `start.js`
/// needs is `start.js`, and what is loaded only when somebody goes there is one file for each [#GROUPS].
///
/// Inside a bundle a module is a function that runs once, after those it needs, and whose result is
/// what it exports:
///
/// ```js
/// $['part/window.js'] = (() => { const {html} = l0; const {css} = $['part/element.js']; …; return {Anchor}; })();
/// ```
///
/// This is no tool for modules in general. It knows the shapes that ours have – an import or an export
/// begins its line, names what it means and gives nothing that is assigned again – and refuses others
/// aloud, so that the daemon does not start with a page that would not.
final class Bundles {
    static final String START = "start.js";

    /// What is in the file of each group, by the folder of the module that is asked for.
    private static final Map<String, String> GROUPS = Map.of(
            "conversation", "conversation.js",
            "session", "session.js",
            "contact", "pages.js",
            "line", "pages.js",
            "optout", "pages.js",
            "user", "pages.js",
            "webhook", "pages.js");

    private static final Pattern IMPORT = Pattern.compile("(?m)^import (?:\\{([^}]*)} from )?'([^']+)';$");
    private static final Pattern DYNAMIC = Pattern.compile("import\\('([^']+)'\\)");
    private static final Pattern EXPORT = Pattern.compile("(?m)^export (?=(?:async )?(?:function|const|class) (\\w+))");
    private static final Pattern EXPORTED = Pattern.compile("(?m)^export \\{([\\w, ]+)};$");
    private static final Pattern COMMA = Pattern.compile(", ");
    private static final Pattern UNKNOWN = Pattern.compile("(?m)^(?:import|export)[ {*].*$");

    private final Map<String, String> modules;
    private final Set<String> alone;

    private Bundles(Map<String, String> modules, Set<String> alone) {
        this.modules = modules;
        this.alone = alone;
    }

    /// The files by their paths: the bundles, and what stays alone.
    ///
    /// @param modules by their paths, without comments
    /// @param alone those that are served as they are besides, such as what a worker runs
    static Map<String, String> of(Map<String, String> modules, Set<String> alone) {
        return new Bundles(modules, alone).files();
    }

    private Map<String, String> files() {
        var start = needs(START);
        var groups = new TreeMap<String, Set<String>>();
        for (var from : modules.keySet()) {
            for (var entry : asked(from)) {
                groups.computeIfAbsent(group(entry), _ -> new LinkedHashSet<>()).addAll(needs(entry));
            }
        }
        // What two groups need is needed early enough to be there from the start.
        var seen = new TreeSet<String>();
        for (var group : groups.values()) {
            for (var module : group) {
                if (!seen.add(module)) {
                    start.add(module);
                }
            }
        }
        var files = new TreeMap<String, String>();
        groups.forEach((file, group) -> {
            group.removeAll(start);
            files.put(file, bundle(file, group));
        });
        files.put(START, bundle(START, start));
        for (var path : alone) {
            files.put(path, module(path));
        }
        return files;
    }

    private static String group(String module) {
        return Optional.ofNullable(GROUPS.get(folder(module)))
                .orElseThrow(() -> new IllegalStateException("the page's " + module + " is in no group"));
    }

    private static String folder(String module) {
        return module.substring(0, Math.max(0, module.indexOf('/')));
    }

    private String module(String path) {
        return Optional.ofNullable(modules.get(path))
                .orElseThrow(() -> new IllegalStateException("the page has no module " + path));
    }

    /// A module and all that it imports, each after those that it needs.
    private Set<String> needs(String path) {
        var found = new LinkedHashSet<String>();
        visit(path, found, new ArrayList<>());
        return found;
    }

    private void visit(String path, Set<String> found, List<String> above) {
        if (above.contains(path)) {
            throw new IllegalStateException("the page's modules need each other: " + above + " " + path);
        }
        if (found.contains(path)) {
            return;
        }
        above.add(path);
        var imports = IMPORT.matcher(module(path));
        while (imports.find()) {
            if (isOurs(imports.group(2))) {
                visit(resolve(path, imports.group(2)), found, above);
            }
        }
        above.removeLast();
        found.add(path);
    }

    private List<String> asked(String path) {
        return DYNAMIC.matcher(module(path))
                .results()
                .map(found -> resolve(path, found.group(1)))
                .toList();
    }

    private static boolean isOurs(String target) {
        return target.startsWith(".");
    }

    /// The path of what a module names by a relative one.
    private static String resolve(String from, String target) {
        return URI.create("/" + from).resolve(target).getPath().substring(1);
    }

    private String bundle(String file, Set<String> paths) {
        var libraries = new ArrayList<String>();
        var bodies = new StringBuilder();
        for (var path : paths) {
            bodies.append(wrapped(path, libraries));
        }
        var head = new StringBuilder();
        for (int i = 0; i < libraries.size(); i++) {
            head.append("import * as l%s from '%s';\n".formatted(i, libraries.get(i)));
        }
        head.append(file.equals(START) ? "export const $ = {};\n" : "import {$} from './" + START + "';\n");
        return head.append(bodies).toString();
    }

    private String wrapped(String path, List<String> libraries) {
        var exported = new ArrayList<String>();
        var body = IMPORT.matcher(module(path))
                .replaceAll(found -> Matcher.quoteReplacement(
                        imported(path, Optional.ofNullable(found.group(1)), found.group(2), libraries)));
        body = EXPORT.matcher(body).replaceAll(found -> {
            exported.add(found.group(1));
            return "";
        });
        body = EXPORTED.matcher(body).replaceAll(found -> {
            COMMA.splitAsStream(found.group(1)).forEach(exported::add);
            return "";
        });
        body = DYNAMIC.matcher(body)
                .replaceAll(found -> Matcher.quoteReplacement(later(resolve(path, found.group(1)))));
        // What is relative to the module is relative to the bundle now.
        body = body.replace("import.meta.url", "new URL('" + path + "', import.meta.url)");
        var unknown = UNKNOWN.matcher(body);
        if (unknown.find()) {
            throw new IllegalStateException(
                    "the page's " + path + " has \"" + unknown.group() + "\", which no bundle knows");
        }
        return "$['" + path + "'] = (() => {\n" + body.strip() + "\nreturn {" + String.join(", ", exported)
                + "};\n})();\n";
    }

    private static String imported(String path, Optional<String> names, String target, List<String> libraries) {
        if (names.isEmpty()) {
            return ""; // it has been run by then
        }
        String from;
        if (isOurs(target)) {
            from = "$['" + resolve(path, target) + "']";
        } else {
            if (!libraries.contains(target)) {
                libraries.add(target);
            }
            from = "l" + libraries.indexOf(target);
        }
        return "const {" + names.get().replace(" as ", ": ") + "} = " + from + ";";
    }

    private static String later(String path) {
        return "import('./" + group(path) + "').then(() => $['" + path + "'])";
    }
}
