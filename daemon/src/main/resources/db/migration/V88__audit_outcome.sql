-- What is no transaction of ours is written down before it is done, too: neither done nor refused.
ALTER TABLE audit
    ADD COLUMN outcome VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'done'
        COMMENT 'begun, done, refused' AFTER done;
UPDATE audit SET outcome = 'refused' WHERE NOT done;
ALTER TABLE audit DROP COLUMN done;
