-- Some facts are one user's own: how far it has read, what it may see from now on.
ALTER TABLE event ADD COLUMN account_id BIGINT NOT NULL DEFAULT 0 COMMENT '0: for everybody who may see the rest' AFTER contact_id;
