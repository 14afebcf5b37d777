-- Whether a number wants texts of a line, as far as it ever said so.
CREATE TABLE opt_out (
    id           BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    line_id      BIGINT NOT NULL,
    number       VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    state        VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'opted-out, suspected, opted-in',
    since        DATETIME(6) NOT NULL,
    decide_by    DATETIME(6) NULL COMMENT 'of a suspected one: when it counts as opted out',
    message_id   BIGINT NULL COMMENT 'the text that led to this state',
    UNIQUE KEY opt_out_number (line_id, number),
    KEY opt_out_due (state, decide_by)
) ENGINE = InnoDB;

CREATE TABLE opt_out_history (
    id         BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    opt_out_id BIGINT NOT NULL,
    at         DATETIME(6) NOT NULL,
    what       VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'opted-out, opted-in, suspected, confirmed, dismissed, expired',
    account_id BIGINT NULL COMMENT 'who decided',
    message_id BIGINT NULL,
    text       VARCHAR(500) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL COMMENT 'what the number wrote',
    KEY opt_out_history_opt_out (opt_out_id, id),
    CONSTRAINT opt_out_history_opt_out FOREIGN KEY (opt_out_id) REFERENCES opt_out (id)
) ENGINE = InnoDB;

-- Why nothing goes to a number on a line for now: its deliveries are made, and wait.
CREATE TABLE hold (
    line_id BIGINT NOT NULL,
    number  VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    reason  VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'wording, leave',
    since   DATETIME(6) NOT NULL,
    PRIMARY KEY (line_id, number, reason)
) ENGINE = InnoDB;
