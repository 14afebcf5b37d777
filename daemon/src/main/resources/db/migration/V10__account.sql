-- Users. A deleted one stays as a row, because threads name it as an author.
CREATE TABLE account (
    id            BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name          VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL COMMENT 'as shown',
    handle        VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL COMMENT 'the name in NFKC and lower case; NULL once deleted, so that the name is free',
    role          VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'admin, member',
    scope         VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'all, assigned',
    password_hash VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'PHC string; NULL: no sign-in',
    created_at    DATETIME(6) NOT NULL,
    deleted_at    DATETIME(6) NULL,
    UNIQUE KEY account_handle (handle)
) ENGINE = InnoDB;

-- The lines that a member was given; no row means all.
CREATE TABLE account_line (
    account_id BIGINT NOT NULL,
    line_id    BIGINT NOT NULL,
    PRIMARY KEY (account_id, line_id),
    CONSTRAINT account_line_account FOREIGN KEY (account_id) REFERENCES account (id),
    CONSTRAINT account_line_line FOREIGN KEY (line_id) REFERENCES line (id)
) ENGINE = InnoDB;

CREATE TABLE session (
    id            BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    account_id    BIGINT NOT NULL,
    secret_digest BINARY(32) NOT NULL COMMENT 'SHA-256',
    csrf          VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    created_at    DATETIME(6) NOT NULL,
    used_at       DATETIME(6) NOT NULL COMMENT 'written at most once a minute',
    expires_at    DATETIME(6) NOT NULL COMMENT 'moves with use, up to a bound',
    UNIQUE KEY session_secret (secret_digest),
    KEY session_account (account_id, id),
    KEY session_expiry (expires_at),
    CONSTRAINT session_account FOREIGN KEY (account_id) REFERENCES account (id)
) ENGINE = InnoDB;

CREATE TABLE token (
    id            BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    account_id    BIGINT NOT NULL,
    name          VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    secret_digest BINARY(32) NOT NULL COMMENT 'SHA-256',
    created_at    DATETIME(6) NOT NULL,
    expires_at    DATETIME(6) NULL,
    revoked_at    DATETIME(6) NULL,
    used_at       DATETIME(6) NULL COMMENT 'written at most once a minute',
    UNIQUE KEY token_secret (secret_digest),
    KEY token_account (account_id, id),
    CONSTRAINT token_account FOREIGN KEY (account_id) REFERENCES account (id)
) ENGINE = InnoDB;
