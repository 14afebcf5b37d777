-- Who signs in by an OpenID provider: a user of ours for each of the provider's. No foreign key cascades: a deleted user
-- keeps its row, so that the same person gets a new one and not the old one's threads.
CREATE TABLE account_oidc (
    issuer     VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    subject    VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL COMMENT 'at most 255 ASCII characters (OpenID Connect Core 1.0 §2)',
    account_id BIGINT NOT NULL,
    PRIMARY KEY (issuer, subject),
    KEY account_oidc_account (account_id),
    CONSTRAINT account_oidc_account FOREIGN KEY (account_id) REFERENCES account (id)
) ENGINE = InnoDB;
