-- The latest tries to post an event to an endpoint.
CREATE TABLE webhook_delivery (
    id         BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    webhook_id BIGINT NOT NULL,
    event_id   BIGINT NOT NULL,
    type       VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    at         DATETIME(6) NOT NULL,
    attempt    INT NOT NULL COMMENT 'from 1',
    status     INT NULL COMMENT 'HTTP status; NULL: no answer',
    error      VARCHAR(500) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL COMMENT 'NULL: it was taken',
    KEY webhook_delivery_webhook (webhook_id, id),
    CONSTRAINT webhook_delivery_webhook FOREIGN KEY (webhook_id) REFERENCES webhook (id)
) ENGINE = InnoDB;
