/// The SMS codec: text to TPDU and back.
@NullMarked
package dev.parley.sms;

import org.jspecify.annotations.NullMarked;
