package dev.parley.site;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.ext.heading.anchor.HeadingAnchorExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

/// One page of the documentation.
///
/// @param name of its file, without the extension
/// @param title its first heading
record Page(String name, String title, Node document) {

    private static final List<Extension> EXTENSIONS =
            List.of(TablesExtension.create(), HeadingAnchorExtension.create());
    private static final Parser PARSER = Parser.builder().extensions(EXTENSIONS).build();
    private static final HtmlRenderer RENDERER =
            HtmlRenderer.builder().extensions(EXTENSIONS).escapeHtml(true).build();

    /// A group of links in the menu.
    record Group(String title, List<Entry> entries) {}

    /// @param page its name
    record Entry(String title, String page) {}

    static Page of(String name, String markdown) {
        var document = PARSER.parse(markdown);
        var titles = new ArrayList<String>();
        document.accept(new AbstractVisitor() {
            @Override
            public void visit(Heading heading) {
                if (heading.getLevel() == 1) {
                    titles.add(words(heading));
                }
            }
        });
        if (titles.size() != 1) {
            throw new IllegalStateException(name + ".md has " + titles.size() + " headings of level 1; expected one");
        }
        return new Page(name, titles.getFirst(), document);
    }

    /// What this page lists below each heading: the order in which the pages are to be read.
    List<Group> menu() {
        var groups = new ArrayList<Group>();
        document.accept(new AbstractVisitor() {
            @Override
            public void visit(Heading heading) {
                if (heading.getLevel() == 2) {
                    groups.add(new Group(words(heading), new ArrayList<>()));
                }
            }

            @Override
            public void visit(Link link) {
                if (!groups.isEmpty() && link.getDestination().endsWith(".md")) {
                    groups.getLast().entries().add(new Entry(words(link), pageOf(link.getDestination())));
                }
            }
        });
        return groups;
    }

    /// @param outside gives the place in the site of a file that is none of its pages
    String html(List<Group> menu, UnaryOperator<String> outside) {
        relink(outside);
        var html = new StringBuilder();
        html.append("""
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>%s</title>
                <link rel="stylesheet" href="style.css">
                </head>
                <body>
                <a class="skip" href="#main">Skip to the text</a>
                <nav aria-label="Pages">
                <a class="home" href="index.html"%s>Parley</a>
                """.formatted(name.equals("index") ? "Parley" : escaped(title) + " – Parley", here("index")));
        for (var group : menu) {
            html.append("<h2>").append(escaped(group.title())).append("</h2>\n<ul>\n");
            for (var entry : group.entries()) {
                html.append("<li><a href=\"%s.html\"%s>%s</a></li>\n"
                        .formatted(entry.page(), here(entry.page()), escaped(entry.title())));
            }
            html.append("</ul>\n");
        }
        html.append("</nav>\n<main id=\"main\">\n");
        html.append(RENDERER.render(document));
        html.append(neighbours(menu));
        html.append("</main>\n</body>\n</html>\n");
        return html.toString();
    }

    private String here(String page) {
        return page.equals(name) ? " aria-current=\"page\"" : "";
    }

    private String neighbours(List<Group> menu) {
        var order = menu.stream().flatMap(group -> group.entries().stream()).toList();
        int here = order.stream().map(Entry::page).toList().indexOf(name);
        if (here < 0) {
            return "";
        }
        var links = new StringBuilder("<footer>\n");
        if (here > 0) {
            var before = order.get(here - 1);
            links.append(
                    "<a rel=\"prev\" href=\"%s.html\">← %s</a>\n".formatted(before.page(), escaped(before.title())));
        }
        if (here + 1 < order.size()) {
            var next = order.get(here + 1);
            links.append("<a rel=\"next\" href=\"%s.html\">%s →</a>\n".formatted(next.page(), escaped(next.title())));
        }
        return links.append("</footer>\n").toString();
    }

    /// Links between pages lead to HTML, links to files beside them to copies. What is said of a block for the tests
    /// is not for readers.
    private void relink(UnaryOperator<String> outside) {
        document.accept(new AbstractVisitor() {
            @Override
            public void visit(Link link) {
                var to = link.getDestination();
                if (to.startsWith("../")) {
                    var place = outside.apply(to);
                    if (place.isEmpty()) {
                        unlink(link);
                        return;
                    }
                    link.setDestination(place);
                } else if (!to.contains("://") && !to.startsWith("#")) {
                    link.setDestination(to.replaceFirst("\\.md(?=#|$)", ".html"));
                }
                visitChildren(link);
            }

            @Override
            public void visit(FencedCodeBlock block) {
                block.setInfo(block.getInfo().split(" ", 2)[0]);
            }
        });
    }

    private static void unlink(Link link) {
        for (var child = link.getFirstChild(); child != null; child = link.getFirstChild()) {
            link.insertBefore(child);
        }
        link.unlink();
    }

    private static String pageOf(String link) {
        return link.substring(0, link.length() - ".md".length());
    }

    /// What a node says, without its marks.
    static String words(Node node) {
        var words = new StringBuilder();
        node.accept(new AbstractVisitor() {
            @Override
            public void visit(Text text) {
                words.append(text.getLiteral());
            }

            @Override
            public void visit(Code code) {
                words.append(code.getLiteral());
            }
        });
        return words.toString();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }
}
