-- One row an SMS. Indexes are few, and none holds a state, so that a move rewrites the row alone: `work` changes twice
-- in a part's life, and what is finished lies in another range than what is read for work, however many rows there are.
CREATE TABLE part (
    id            BIGINT NOT NULL PRIMARY KEY,
    delivery_id   BIGINT NOT NULL,
    seq           SMALLINT NOT NULL COMMENT '1 to total',
    total         SMALLINT NOT NULL,
    line_id       BIGINT NOT NULL,
    lane          BIGINT NOT NULL,
    place         BIGINT NOT NULL COMMENT 'its order among all that is to be handed over; of a scheduled part the microsecond since 1970 when it is due',
    recipient     VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'E.164 with +, or a short code',
    tail          VARCHAR(6) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'the last digits of the recipient, by which reports are found',
    alphabet      VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'gsm7, 8bit, ucs2',
    locking_shift TINYINT NOT NULL COMMENT '3GPP TS 23.038 6.2.1.2.4; 0: none',
    single_shift  TINYINT NOT NULL COMMENT '3GPP TS 23.038 6.2.1.2.4; 0: none',
    text          TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL COMMENT 'at most 255 SMS, where the SMSC splits it',
    concat_ref    INT NULL COMMENT 'NULL: not concatenated',
    concat_bits   TINYINT NULL,
    concat_total  SMALLINT NULL,
    concat_seq    SMALLINT NULL,
    work          TINYINT NOT NULL COMMENT '0: none left, 1: to be handed over or being so, 2: scheduled',
    state         VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'scheduled, queued, submitting, uncertain, accepted, delivered, failed, withdrawn',
    held          BOOLEAN NOT NULL,
    due_at        DATETIME(6) NOT NULL COMMENT 'not handed over before; of an uncertain part the end of its grace period',
    expires_at    DATETIME(6) NOT NULL,
    link          VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL COMMENT 'the link it was handed to last',
    attempts      INT NOT NULL COMMENT 'hand-overs ever',
    tries         INT NOT NULL COMMENT 'hand-overs since it was put here, or was put back by hand',
    unsure        SMALLINT NOT NULL COMMENT 'how often it was put back after a hand-over without an answer: a report may still prove it sent',
    reference     VARCHAR(80) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL COMMENT 'TP-MR or message_id',
    submitted_at  DATETIME(6) NULL,
    accepted_at   DATETIME(6) NULL,
    ended_at      DATETIME(6) NULL,
    scts          DATETIME(6) NULL COMMENT 'of the report that settled it, by the clock of the SMSC',
    error_code    VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL,
    error_network INT NULL,
    error_reason  VARCHAR(300) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
    UNIQUE KEY part_delivery (delivery_id, seq),
    KEY part_work (work, line_id, place),
    KEY part_lane (lane, place),
    KEY part_reference (reference, submitted_at),
    KEY part_recipient (tail, submitted_at),
    KEY part_expiry (expires_at)
) ENGINE = InnoDB;

-- Which node drives a link. Whoever takes a lease raises its epoch; a write with an older one is refused.
CREATE TABLE link_lease (
    link       VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
    node       VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    epoch      BIGINT NOT NULL,
    expires_at DATETIME(6) NOT NULL COMMENT 'by the clock of the database'
) ENGINE = InnoDB;

-- Reports that belong to nothing yet: the report of a part can be here before the answer to its own hand-over.
CREATE TABLE parked_report (
    id           BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    link         VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    kind         VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'modem, smpp',
    tail         VARCHAR(6) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'empty: the report names no recipient',
    reference    VARCHAR(80) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
    recipient    VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
    submitted_at DATETIME(6) NULL,
    ended_at     DATETIME(6) NULL,
    fate         VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'delivered, pending, failed',
    code         VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL,
    network      INT NULL,
    reason       VARCHAR(300) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    text_begin   VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
    received_at  DATETIME(6) NOT NULL,
    KEY parked_report_match (link, tail, received_at),
    KEY parked_report_age (received_at)
) ENGINE = InnoDB;

-- What is counted over restarts, because each duplicate must be one of the re-sends counted.
CREATE TABLE queue_tally (
    name VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    n    BIGINT NOT NULL
) ENGINE = InnoDB;

INSERT INTO queue_tally (name, n) VALUES ('resent', 0);
