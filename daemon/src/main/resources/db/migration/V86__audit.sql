-- Who did what, from where. Appended to, and never changed.
CREATE TABLE audit (
    id           BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    at           DATETIME(6) NOT NULL,
    account_id   BIGINT NULL COMMENT 'no foreign key: an entry outlives whom it names',
    account_name VARCHAR(130) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    action       VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    target       VARCHAR(300) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    done         BOOLEAN NOT NULL COMMENT 'false: refused',
    from_address VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    detail       TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL COMMENT 'JSON',
    KEY audit_age (at),
    KEY audit_action (action, id),
    KEY audit_account (account_id, id)
) ENGINE = InnoDB;
