package dev.parley.smpp;

/// What a session is bound as: SMPP v3.4 §2.2.1.
enum Role {
    TRANSCEIVER(CommandId.BIND_TRANSCEIVER),
    TRANSMITTER(CommandId.BIND_TRANSMITTER),
    RECEIVER(CommandId.BIND_RECEIVER);

    final int bindCommand;

    Role(int bindCommand) {
        this.bindCommand = bindCommand;
    }

    boolean transmits() {
        return this != RECEIVER;
    }

    static boolean isBindResponse(int commandId) {
        for (var role : values()) {
            if (commandId == (role.bindCommand | CommandId.RESPONSE)) {
                return true;
            }
        }
        return false;
    }
}
