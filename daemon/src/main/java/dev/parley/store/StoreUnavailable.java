package dev.parley.store;

/// The database cannot be used now: it is away, overloaded, or cannot be started. Nothing was committed,
/// unless the connection was lost during `COMMIT` itself. Caught where somebody can wait and try again, or
/// say so to the caller.
public final class StoreUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StoreUnavailable(String sentence) {
        super(sentence);
    }

    public StoreUnavailable(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
