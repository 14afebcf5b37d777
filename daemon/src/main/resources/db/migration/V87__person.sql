-- A person's data being erased. Number and subject are there until all is gone, so that a restart goes on with it.
CREATE TABLE erasure (
    id         BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    number     VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL COMMENT 'NULL when it is done',
    subject    MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL COMMENT 'JSON; NULL when it is done',
    account_id BIGINT NULL COMMENT 'who asked for it',
    asked_at   DATETIME(6) NOT NULL,
    done_at    DATETIME(6) NULL,
    UNIQUE KEY erasure_number (number),
    KEY erasure_done (done_at)
) ENGINE = InnoDB;

-- What the hashes of erased numbers are keyed with. One row.
CREATE TABLE number_key (
    id     TINYINT NOT NULL PRIMARY KEY,
    secret BINARY(32) NOT NULL
) ENGINE = InnoDB;
