package dev.parley.modem;

import java.util.Optional;

/// Something that was told and is to be acted on: whoever takes it leaves nothing. The last that was told counts.
final class Once<T> {
    private Optional<T> told = Optional.empty();

    void tell(T what) {
        told = Optional.of(what);
    }

    Optional<T> take() {
        var was = told;
        told = Optional.empty();
        return was;
    }
}
