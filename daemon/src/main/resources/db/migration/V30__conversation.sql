-- Threads on a line. Line and participants never change; a closed one is read-only.
CREATE TABLE conversation (
    id             BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    line_id        BIGINT NOT NULL,
    kind           VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'group, direct',
    title          VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL COMMENT 'NULL: the names of the participants',
    tag            INT NULL COMMENT 'the n of #n; NULL for a direct one',
    relay          VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'all, none',
    open_direct    VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL COMMENT 'the number of an open direct one, so that there is one for a number and line',
    created_at     DATETIME(6) NOT NULL,
    created_by     BIGINT NULL COMMENT 'a user; NULL when a text from outside opened it',
    closed_at      DATETIME(6) NULL,
    predecessor_id BIGINT NULL,
    successor_id   BIGINT NULL,
    last_id        BIGINT NULL COMMENT 'the latest message shown in lists',
    active_at      DATETIME(6) NOT NULL COMMENT 'of its creation or latest message: the order of lists',
    UNIQUE KEY conversation_open_direct (line_id, open_direct),
    KEY conversation_active (active_at, id),
    KEY conversation_line_active (line_id, active_at, id),
    CONSTRAINT conversation_line FOREIGN KEY (line_id) REFERENCES line (id)
) ENGINE = InnoDB;

-- Number and name are frozen at creation. line_id is the conversation's, for the question where a number takes part.
CREATE TABLE participant (
    id              BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    conversation_id BIGINT NOT NULL,
    line_id         BIGINT NOT NULL,
    place           TINYINT NOT NULL COMMENT 'from 0, in the order of the creation',
    contact_id      BIGINT NULL,
    name            VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL COMMENT 'empty for a bare number',
    number          VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL COMMENT 'E.164 with +, a short code, or (direct only) a name',
    contact_name      VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL COMMENT 'the contact as it was at creation: what differs now makes the label updated',
    contact_primary   VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NULL,
    contact_secondary VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NULL,
    left_at         DATETIME(6) NULL,
    UNIQUE KEY participant_conversation (conversation_id, number),
    KEY participant_number (number, line_id, conversation_id),
    KEY participant_contact (contact_id, conversation_id),
    CONSTRAINT participant_conversation FOREIGN KEY (conversation_id) REFERENCES conversation (id)
) ENGINE = InnoDB;

-- How far a user has read.
CREATE TABLE read_mark (
    account_id      BIGINT NOT NULL,
    conversation_id BIGINT NOT NULL,
    message_id      BIGINT NOT NULL COMMENT 'up to this one',
    PRIMARY KEY (account_id, conversation_id),
    KEY read_mark_conversation (conversation_id),
    CONSTRAINT read_mark_account FOREIGN KEY (account_id) REFERENCES account (id),
    CONSTRAINT read_mark_conversation FOREIGN KEY (conversation_id) REFERENCES conversation (id)
) ENGINE = InnoDB;
