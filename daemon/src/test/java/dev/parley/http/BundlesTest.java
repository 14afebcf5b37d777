package dev.parley.http;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Modules put together: what a browser runs is what they say. That the page runs on them is told by its stories.
class BundlesTest {

    private static Map<String, String> bundled(String... pathsAndTexts) {
        var modules = new TreeMap<String, String>();
        for (int i = 0; i < pathsAndTexts.length; i += 2) {
            modules.put(pathsAndTexts[i], pathsAndTexts[i + 1]);
        }
        return Bundles.of(modules, Set.of());
    }

    @Test
    void aModuleRunsAfterThoseThatItNeedsAndGivesWhatItExports() {
        var start = bundled(
                        "start.js",
                        "import {html} from 'lit';\nimport {one as first} from './part/one.js';\nfirst(html);\n",
                        "part/one.js",
                        """
                        import {html, nothing} from 'lit';
                        export const one = () => nothing;
                        export async function two() {}
                        const ORDER = 1;
                        export {ORDER};
                        """)
                .get("start.js");
        assertEquals("""
                import * as l0 from 'lit';
                export const $ = {};
                $['part/one.js'] = (() => {
                const {html, nothing} = l0;
                const one = () => nothing;
                async function two() {}
                const ORDER = 1;
                return {one, two, ORDER};
                })();
                $['start.js'] = (() => {
                const {html} = l0;
                const {one: first} = $['part/one.js'];
                first(html);
                return {};
                })();
                """, start);
    }

    @Test
    void whatIsAskedForLaterIsInTheFileOfItsGroup() {
        var files = bundled(
                "start.js",
                "const a = () => import('./line/lines.js');\nconst b = () => import('./user/users.js');\n",
                "line/lines.js",
                "import {page} from '../part/page.js';\nexport const view = page;\n",
                "user/users.js",
                "import {page} from '../part/page.js';\nexport const view = page;\n",
                "part/page.js",
                "export const page = 1;\n");
        assertEquals(Set.of("start.js", "pages.js"), files.keySet());
        assertTrue(files.getOrDefault("start.js", "")
                .contains("const a = () => import('./pages.js').then(() => $['line/lines.js']);"));
        assertTrue(
                files.getOrDefault("pages.js", "").startsWith("import {$} from './start.js';\n$['part/page.js'] = "));
        assertEquals(1, files.getOrDefault("pages.js", "").split("const page = 1;", -1).length - 1);
    }

    @Test
    void whatTwoGroupsNeedIsThereFromTheStart() {
        var files = bundled(
                "start.js",
                "const a = () => import('./line/lines.js');\nconst b = () => import('./conversation/thread.js');\n",
                "line/lines.js",
                "import {page} from '../part/page.js';\nexport const view = page;\n",
                "conversation/thread.js",
                "import {page} from '../part/page.js';\nexport const view = page;\n",
                "part/page.js",
                "export const page = 1;\n");
        assertTrue(files.getOrDefault("start.js", "").contains("const page = 1;"));
        assertFalse(files.getOrDefault("pages.js", "").contains("const page = 1;"));
        assertFalse(files.getOrDefault("conversation.js", "").contains("const page = 1;"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "export default 1;\n",
                "export let n = 1;\n",
                "export * from './part/one.js';\n",
                "import * as one from './part/one.js';\n",
                "import one from './part/one.js';\n",
                "import {one} from \"./part/one.js\";\n",
                "import {one} from './part/none.js';\n",
                "import {two} from './part/two.js';\n",
                "const a = () => import('./nowhere/else.js');\n"
            })
    void aShapeThatNoBundleKnowsIsRefusedAloud(String start) {
        assertThrows(
                IllegalStateException.class,
                () -> bundled(
                        "start.js",
                        start,
                        "part/one.js",
                        "export const one = 1;\n",
                        "part/two.js",
                        "import {three} from './three.js';\nexport const two = 2;\n",
                        "part/three.js",
                        "import {two} from './two.js';\nexport const three = 3;\n",
                        "nowhere/else.js",
                        "export const view = 1;\n"));
    }
}
