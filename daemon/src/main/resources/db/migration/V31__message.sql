-- What somebody said. An inbound text that is not placed yet has no conversation; message_candidate says where it shows.
CREATE TABLE message (
    id              BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    conversation_id BIGINT NULL COMMENT 'NULL: unrouted',
    line_id         BIGINT NOT NULL,
    direction       VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'inbound, outbound',
    kind            VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'normal, keyword, system, or the kind of an automatic text',
    author_kind     VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'user, participant, system',
    author_id       BIGINT NULL COMMENT 'an account or a participant',
    author_name     VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    text            MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci NOT NULL,
    created_at      DATETIME(6) NOT NULL,
    send_at         DATETIME(6) NULL,
    expires_at      DATETIME(6) NULL,
    routing         TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL COMMENT 'JSON {how, candidates, evidence} of an inbound one',
    sender          VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL COMMENT 'of an inbound one',
    scts            DATETIME(6) NULL,
    arrived_at      DATETIME(6) NULL,
    link            VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL COMMENT 'it came by',
    cause_id        BIGINT NULL COMMENT 'the message that an automatic text or a system line answers',
    KEY message_conversation (conversation_id, id),
    KEY message_line (line_id, id),
    KEY message_sender (sender, id),
    KEY message_created (created_at, id),
    FULLTEXT KEY message_text (text),
    CONSTRAINT message_conversation FOREIGN KEY (conversation_id) REFERENCES conversation (id)
) ENGINE = InnoDB;

-- Where a text that is not placed yet may belong. Its rows go when it is placed; the message's routing keeps the list.
CREATE TABLE message_candidate (
    message_id      BIGINT NOT NULL,
    conversation_id BIGINT NOT NULL,
    PRIMARY KEY (message_id, conversation_id),
    KEY message_candidate_conversation (conversation_id, message_id),
    CONSTRAINT message_candidate_message FOREIGN KEY (message_id) REFERENCES message (id),
    CONSTRAINT message_candidate_conversation FOREIGN KEY (conversation_id) REFERENCES conversation (id)
) ENGINE = InnoDB;

-- When an automatic text of a kind last went to a number: at most one an hour.
CREATE TABLE automatic_text (
    line_id BIGINT NOT NULL,
    number  VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    kind    VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    sent_at DATETIME(6) NOT NULL,
    PRIMARY KEY (line_id, number, kind),
    KEY automatic_text_age (sent_at)
) ENGINE = InnoDB;
