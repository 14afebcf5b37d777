package dev.parley.modem;

import dev.parley.link.LinkState;

/// Takes what the owner of a modem finds out about it.
@FunctionalInterface
interface Announcer {

    /// The state of the link from now on; the same again is no news.
    ///
    /// @param sentence what a person should know and can do; empty where the state says it all
    void tell(LinkState state, String sentence);
}
