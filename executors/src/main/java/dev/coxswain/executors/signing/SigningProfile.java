package dev.coxswain.executors.signing;

/**
 * What one variant is signed with; all of it is secret.
 *
 * @param keystore PKCS12 or JKS; overwritten when the material is closed
 * @param keyPassword that of the key; the keystore's where the key has none of its own
 */
record SigningProfile(byte[] keystore, String storePassword, String keyAlias, String keyPassword) {
    /** The text without what must not be told. */
    String masked(String text) {
        String longer = storePassword.length() < keyPassword.length() ? keyPassword : storePassword;
        String shorter = longer.equals(keyPassword) ? storePassword : keyPassword;
        return text.replace(longer, "***").replace(shorter, "***");
    }

    @Override
    public String toString() {
        return "SigningProfile[***]";
    }
}
