/// Conversations: groups, the routing of replies, relay, opt-out, labels.
@NullMarked
package dev.parley.conversation;

import org.jspecify.annotations.NullMarked;
