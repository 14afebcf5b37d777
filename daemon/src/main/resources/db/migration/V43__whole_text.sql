-- A line whose SMSC splits long texts has the whole text in one part: at most 255 SMS.
ALTER TABLE part MODIFY text TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL;
