package dev.parley.event;

/// What an event is about, as far as an access rule needs it. 0 stands for none.
///
/// @param accountId the only user whom it concerns; 0 where it is for everybody who may see the rest
public record Scope(long lineId, long conversationId, long contactId, long accountId) {

    /// About nothing in particular: a link, the daemon itself.
    public static final Scope NONE = new Scope(0, 0, 0, 0);

    public static Scope ofLine(long lineId) {
        return new Scope(lineId, 0, 0, 0);
    }

    public static Scope ofConversation(long lineId, long conversationId) {
        return new Scope(lineId, conversationId, 0, 0);
    }

    public static Scope ofContact(long contactId) {
        return new Scope(0, 0, contactId, 0);
    }

    /// One user's own affair.
    public static Scope ofAccount(long accountId) {
        return new Scope(0, 0, 0, accountId);
    }
}
