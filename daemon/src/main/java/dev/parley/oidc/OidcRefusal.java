package dev.parley.oidc;

/// A sign-in by the provider came to nothing.
public final class OidcRefusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final String code;

    /// @param sentence for who signs in: nothing of the provider's own words, which are in the log
    OidcRefusal(String code, String sentence) {
        super(sentence);
        this.code = code;
    }

    /// Stable, as a problem's.
    public String code() {
        return code;
    }
}
