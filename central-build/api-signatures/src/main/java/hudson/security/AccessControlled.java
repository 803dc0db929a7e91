package hudson.security;

import org.springframework.security.access.AccessDeniedException;

public interface AccessControlled {
    default boolean hasPermission(Permission a) {
        throw new AssertionError();
    }

    default void checkPermission(Permission a) throws AccessDeniedException {
        throw new AssertionError();
    }
}
