-- What a POST with an Idempotency-Key answered, written in the transaction of what it did. Kept for a day.
CREATE TABLE idempotency (
    scope        BINARY(32) NOT NULL PRIMARY KEY COMMENT 'SHA-256 of user, method, path and key',
    request      BINARY(32) NOT NULL COMMENT 'SHA-256 of query, content type and body',
    status       SMALLINT NOT NULL,
    content_type VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    location     VARCHAR(500) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
    answer       MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
    created_at   DATETIME(6) NOT NULL,
    KEY idempotency_age (created_at)
) ENGINE = InnoDB;
