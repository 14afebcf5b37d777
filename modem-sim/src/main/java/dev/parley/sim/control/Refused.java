package dev.parley.sim.control;

/// A request that cannot be done, with the answer that it gets.
final class Refused extends Exception {

    private static final long serialVersionUID = 1L;

    private final int status;

    Refused(int status, String error) {
        super(error);
        this.status = status;
    }

    int status() {
        return status;
    }
}
