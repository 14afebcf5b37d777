-- Where events are posted to. The cursor is the id of the last event that was delivered, or passed over because its owner
-- may not see it or does not want it.
CREATE TABLE webhook (
    id           BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    account_id   BIGINT NOT NULL COMMENT 'whose eyes it sees with',
    url          VARCHAR(2000) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    secret       VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'whsec_…, needed in clear to sign',
    events       VARCHAR(500) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'names joined by commas; empty: all',
    state        VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'active, paused, dead',
    last_event   BIGINT NOT NULL COMMENT 'the cursor',
    failures     INT NOT NULL COMMENT 'tries of the next event that failed so far',
    failing_since DATETIME(6) NULL,
    next_try_at  DATETIME(6) NULL,
    last_status  INT NULL COMMENT 'HTTP status of the last try; NULL: no answer',
    last_error   VARCHAR(500) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
    delivered_at DATETIME(6) NULL COMMENT 'the last success',
    created_at   DATETIME(6) NOT NULL,
    deleted_at   DATETIME(6) NULL,
    KEY webhook_account (account_id, id),
    CONSTRAINT webhook_account FOREIGN KEY (account_id) REFERENCES account (id)
) ENGINE = InnoDB;
