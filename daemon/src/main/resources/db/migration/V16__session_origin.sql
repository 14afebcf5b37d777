-- Where a session was opened, so that its owner knows it again.
ALTER TABLE session
    ADD COLUMN from_address VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
    ADD COLUMN agent        VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT '' COMMENT 'what the browser says of itself';
