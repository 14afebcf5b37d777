-- What a limited link has taken lately, one row a part: its limits hold over restarts. Rows older than the longest
-- window, a day, are deleted.
CREATE TABLE link_use (
    id       BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    link     VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    part_id  BIGINT NOT NULL,
    taken_at DATETIME(6) NOT NULL,
    KEY link_use_window (link, taken_at),
    KEY link_use_part (part_id),
    KEY link_use_age (taken_at)
) ENGINE = InnoDB;
