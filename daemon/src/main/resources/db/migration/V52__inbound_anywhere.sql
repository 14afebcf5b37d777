-- A message with the network's time in it is known wherever it lies.
ALTER TABLE inbound
    MODIFY COLUMN digest BINARY(32) NOT NULL
        COMMENT 'SHA-256 of what the copy is known by: of a modem the TPDU with its SCTS; over SMPP the PDU without command_status and sequence_number',
    ADD KEY inbound_anywhere (account, digest, id);
