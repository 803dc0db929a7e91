package io.jenkins.plugins.hardenrunner.engine.policy;

import com.google.common.net.InternetDomainName;

/** What the public suffix list (through Guava, which Jenkins core carries) says about a name. */
public final class PublicSuffixes {
    private PublicSuffixes() {}

    /** Whether anybody can register names directly under this one: {@code com}, {@code co.uk}, {@code github.io}. */
    public static boolean isPublicSuffix(String name) {
        if (name.indexOf('.') < 0) {
            return true;
        }
        return InternetDomainName.isValid(name) && InternetDomainName.from(name).isPublicSuffix();
    }

    /**
     * The part of a name that one party registered: {@code example.co.uk} for {@code www.example.co.uk}. Under a top
     * level that the list does not know the last two labels; a public suffix is its own.
     */
    public static String registeredDomain(String name) {
        if (InternetDomainName.isValid(name)) {
            InternetDomainName domain = InternetDomainName.from(name);
            if (domain.isUnderPublicSuffix()) {
                return domain.topPrivateDomain().toString();
            }
            if (domain.isPublicSuffix()) {
                return name;
            }
        }
        int last = name.lastIndexOf('.');
        return name.substring(name.lastIndexOf('.', last - 1) + 1);
    }
}
