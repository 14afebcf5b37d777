package dev.parley.sms;

import java.util.Arrays;

/// The default alphabet, its extension, and the national language tables (3GPP TS 23.038 §6.2.1 and Annex A).
final class ShiftTables {

    /// Where a table has no character. No table of the specification has this one.
    static final char NONE = '\uFFFF';

    private static final int CODES = 128;

    /// §6.2.1; the escape (1B) is no character.
    private static final String DEFAULT_ALPHABET =
            "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\uFFFFÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
                    + "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

    /// §A.3.1
    private static final String TURKISH = "@£$¥€éùıòÇ\nĞğ\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\uFFFFŞşßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
            + "İABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§çabcdefghijklmnopqrstuvwxyzäöñüà";

    /// §A.3.3
    private static final String PORTUGUESE = "@£$¥êéúíóç\nÔô\rÁáΔ_ªÇÀ∞^\\€Ó|\uFFFFÂâÊÉ !\"#º%&'()*+,-./0123456789:;<=>?"
            + "ÍABCDEFGHIJKLMNOPQRSTUVWXYZÃÕÚÜ§~abcdefghijklmnopqrstuvwxyzãõ`üà";

    /// §A.3.13, letters and marks by code; the rest is as in the tables of the Indian scripts.
    private static final String URDU =
            "00\u0627 01\u0622 02\u0628 03\u067B 04\u0680 05\u067E 06\u06A6 07\u062A 08\u06C2 "
                    + "09\u067F 0B\u0679 0C\u067D 0E\u067A 0F\u067C 10\u062B 11\u062C 12\u0681 13\u0684 14\u0683 15\u0685 "
                    + "16\u0686 17\u0687 18\u062D 19\u062E 1A\u062F 1C\u068C 1D\u0688 1E\u0689 1F\u068A 22\u068F 23\u068D "
                    + "24\u0630 25\u0631 26\u0691 27\u0693 2A\u0699 2B\u0632 2D\u0696 2F\u0698 3C\u069A 3D\u0633 3E\u0634 "
                    + "40\u0635 41\u0636 42\u0637 43\u0638 44\u0639 45\u0641 46\u0642 47\u06A9 48\u06AA 49\u06AB 4A\u06AF "
                    + "4B\u06B3 4C\u06B1 4D\u0644 4E\u0645 4F\u0646 50\u06BA 51\u06BB 52\u06BC 53\u0648 54\u06C4 55\u06D5 "
                    + "56\u06C1 57\u06BE 58\u0621 59\u06CC 5A\u06D0 5B\u06D2 5C\u064D 5D\u0650 5E\u064F 5F\u0657 60\u0654 "
                    + "7B\u0655 7C\u0651 7D\u0653 7E\u0656 7F\u0670";

    /// What all the locking tables of Indian scripts, and Urdu's, have in the same place.
    private static final String SOUTH_ASIAN =
            "0A\n 0D\r 20  21! 28) 29( 2C, 2E. 300 311 322 333 344 355 366 377 388 399 "
                    + "3A: 3B; 3F? 61a 62b 63c 64d 65e 66f 67g 68h 69i 6Aj 6Bk 6Cl 6Dm 6En 6Fo 70p 71q 72r 73s 74t 75u 76v 77w "
                    + "78x 79y 7Az";

    /// The codes that hold a script's own characters, in the order of the script's block of Unicode: from its 01 to its
    /// 4D without 04, 3A and 3B.
    private static final String SCRIPT_CODES =
            "00 01 02 03 04 05 06 07 08 09 0B 0C 0E 0F 10 11 12 13 14 15 16 17 18 19 "
                    + "1A 1C 1D 1E 1F 22 23 24 25 26 27 2A 2B 2D 2F 3C 3D 3E 40 41 42 43 44 45 46 47 48 49 4A 4B 4C 4D 4E 4F "
                    + "50 51 52 53 54 55 56 57 58 59 5A 5B 5C 5D 5E 5F";

    /// §6.2.1.1, and a part of every other single shift table. The page break (0A) is a form feed.
    private static final String DEFAULT_EXTENSION = "0A\f 14^ 28{ 29} 2F\\ 3C[ 3D~ 3E] 40| 65€";

    /// What all the single shift tables of Indian scripts, and Urdu's, have besides.
    private static final String SOUTH_ASIAN_EXTENSION =
            "00@ 01£ 02$ 03¥ 04¿ 05\" 06¤ 07% 08& 09' 0B* 0C+ 0E- 0F/ 10< 11= 12> 13¡ 15¡ 16_ 17# 18* 41A 42B 43C "
                    + "44D 45E 46F 47G 48H 49I 4AJ 4BK 4CL 4DM 4EN 4FO 50P 51Q 52R 53S 54T 55U 56V 57W 58X 59Y 5AZ";

    private static final String DANDAS = "19\u0964 1A\u0965";

    private ShiftTables() {}

    /// §A.3. Where the block of a script lacks a character at a place of the scheme, the table has a hole.
    static char[] locking(NationalLanguage language) {
        return switch (language) {
            case DEFAULT -> DEFAULT_ALPHABET.toCharArray();
            case TURKISH -> TURKISH.toCharArray();
            case SPANISH -> DEFAULT_ALPHABET.toCharArray(); // §A.3.2: there is none
            case PORTUGUESE -> PORTUGUESE.toCharArray();
            case BENGALI ->
                script(
                        0x0980,
                        "0C 0E 11 12 3C 45 47 48 49 57 58 5B 5C",
                        "60\u09CE 7B\u09D7 7C\u09DC 7D\u09DD 7E\u09F0 7F\u09F1");
            case GUJARATI ->
                script(0x0A80, "0E 12 3C 45 48 58 5C", "60\u0AD0 7B\u0AE0 7C\u0AE1 7D\u0AE2 7E\u0AE3 7F\u0AF1");
            case HINDI -> script(0x0900, "", "60\u0950 7B\u0972 7C\u097B 7D\u097C 7E\u097E 7F\u097F");
            case KANNADA ->
                script(0x0C80, "00 0C 11 3C 48 57 5B", "60\u0CD5 7B\u0CD6 7C\u0CE0 7D\u0CE1 7E\u0CE2 7F\u0CE3");
            case MALAYALAM ->
                script(0x0D00, "00 0C 11 3C 4E 57 5B", "60\u0D57 7B\u0D60 7C\u0D61 7D\u0D62 7E\u0D63 7F\u0D79");
            case ORIYA ->
                script(
                        0x0B00,
                        "0C 0E 11 12 3C 45 48 57 58 5B 5C",
                        "60\u0B56 7B\u0B57 7C\u0B60 7D\u0B61 7E\u0B62 7F\u0B63");
            case PUNJABI ->
                script(
                        0x0A00,
                        "09 0B 0C 0E 11 12 3C 45 48 4B 4F 55 56 57 58 5B 5C",
                        "60\u0A51 7B\u0A70 7C\u0A71 7D\u0A72 7E\u0A73 7F\u0A74");
            case TAMIL ->
                script(
                        0x0B80,
                        "00 09 0B 0C 11 16 17 18 1C 1E 23 24 25 2A 2B 2D 3E 40 41 4E 4F 55 56 57 5B",
                        "60\u0BD0 7B\u0BD7 7C\u0BF0 7D\u0BF1 7E\u0BF2 7F\u0BF9");
            case TELUGU ->
                script(0x0C00, "0C 11 3C 48 4E 57 5B", "60\u0C55 7B\u0C56 7C\u0C60 7D\u0C61 7E\u0C62 7F\u0C63");
            case URDU -> table(SOUTH_ASIAN, URDU);
        };
    }

    /// §A.2
    static char[] single(NationalLanguage language) {
        return switch (language) {
            case DEFAULT -> table(DEFAULT_EXTENSION);
            case TURKISH -> table(DEFAULT_EXTENSION, "47Ğ 49İ 53Ş 63ç 67ğ 69ı 73ş");
            case SPANISH -> table(DEFAULT_EXTENSION, "09ç 41Á 49Í 4FÓ 55Ú 61á 69í 6Fó 75ú");
            case PORTUGUESE ->
                table(
                        DEFAULT_EXTENSION,
                        "05ê 09ç 0BÔ 0Cô 0EÁ 0Fá 12Φ 13Γ 15Ω 16Π 17Ψ 18Σ 19Θ 1FÊ 41À 49Í 4FÓ 55Ú 5BÃ 5CÕ 61Â 69í 6Fó 75ú"
                                + " 7Bã 7Cõ 7Fâ");
            case BENGALI ->
                scriptExtension(
                        "19\u09E6 1A\u09E7 1C\u09E8 1D\u09E9 1E\u09EA 1F\u09EB 20\u09EC 21\u09ED 22\u09EE 23\u09EF "
                                + "24\u09DF 25\u09E0 26\u09E1 27\u09E2 2A\u09E3 2B\u09F2 2C\u09F3 2D\u09F4 2E\u09F5 "
                                + "30\u09F6 31\u09F7 32\u09F8 33\u09F9 34\u09FA");
            case GUJARATI -> scriptExtension(0x0AE6, DANDAS);
            case HINDI ->
                scriptExtension(
                        0x0966,
                        DANDAS,
                        "26\u0951 27\u0952 2A\u0953 2B\u0954 2C\u0958 2D\u0959 2E\u095A 30\u095B 31\u095C 32\u095D "
                                + "33\u095E 34\u095F 35\u0960 36\u0961 37\u0962 38\u0963 39\u0970 3A\u0971");
            case KANNADA -> scriptExtension(0x0CE6, DANDAS, "26\u0CDE 27\u0CF1 2A\u0CF2");
            case MALAYALAM ->
                scriptExtension(
                        0x0D66,
                        DANDAS,
                        "26\u0D70 27\u0D71 2A\u0D72 2B\u0D73 2C\u0D74 2D\u0D75 2E\u0D7A 30\u0D7B 31\u0D7C 32\u0D7D "
                                + "33\u0D7E 34\u0D7F");
            case ORIYA -> scriptExtension(0x0B66, DANDAS, "26\u0B5C 27\u0B5D 2A\u0B5F 2B\u0B70 2C\u0B71");
            case PUNJABI -> scriptExtension(0x0A66, DANDAS, "26\u0A59 27\u0A5A 2A\u0A5B 2B\u0A5C 2C\u0A5E 2D\u0A75");
            case TAMIL ->
                scriptExtension(0x0BE6, DANDAS, "26\u0BF3 27\u0BF4 2A\u0BF5 2B\u0BF6 2C\u0BF7 2D\u0BF8 2E\u0BFA");
            case TELUGU ->
                scriptExtension(
                        0x0C66,
                        "26\u0C58 27\u0C59 2A\u0C78 2B\u0C79 2C\u0C7A 2D\u0C7B 2E\u0C7C 30\u0C7D 31\u0C7E 32\u0C7F");
            case URDU ->
                scriptExtension(
                        0x06F0,
                        "19\u0600 1A\u0601 26\u060C 27\u060D 2A\u060E 2B\u060F 2C\u0610 2D\u0611 2E\u0612 30\u0613 "
                                + "31\u0614 32\u061B 33\u061F 34\u0640 35\u0652 36\u0658 37\u066B 38\u066C 39\u0672 "
                                + "3A\u0673 3B\u06CD 3F\u06D4");
        };
    }

    /// A locking table of an Indian script: they all follow one scheme.
    ///
    /// @param block where the script's block of Unicode begins
    /// @param holes codes of the scheme without a character
    /// @param more what stands outside the scheme
    private static char[] script(int block, String holes, String more) {
        var table = table(SOUTH_ASIAN, more);
        int offset = 0x01;
        for (int at = 0; at < SCRIPT_CODES.length(); at += 3) {
            table[code(SCRIPT_CODES, at)] = (char) (block + offset);
            offset = offset == 0x03 ? 0x05 : offset == 0x39 ? 0x3C : offset + 1;
        }
        for (int at = 0; at < holes.length(); at += 3) {
            table[code(holes, at)] = NONE;
        }
        return table;
    }

    private static char[] scriptExtension(String... more) {
        var table = table(DEFAULT_EXTENSION, SOUTH_ASIAN_EXTENSION);
        for (var entries : more) {
            put(table, entries);
        }
        return table;
    }

    /// @param zero the script's digit zero; the ten stand at 1C to 25
    private static char[] scriptExtension(int zero, String... more) {
        var table = scriptExtension(more);
        for (int digit = 0; digit <= 9; digit++) {
            table[0x1C + digit] = (char) (zero + digit);
        }
        return table;
    }

    private static char[] table(String... parts) {
        var table = new char[CODES];
        Arrays.fill(table, NONE);
        for (var entries : parts) {
            put(table, entries);
        }
        return table;
    }

    /// Puts characters into a table.
    ///
    /// @param entries each a code in hexadecimal with its character behind it, separated by a space
    private static void put(char[] table, String entries) {
        for (int at = 0; at < entries.length(); at += 4) {
            table[code(entries, at)] = entries.charAt(at + 2);
        }
    }

    private static int code(String entries, int at) {
        return Integer.parseInt(entries, at, at + 2, 16);
    }
}
