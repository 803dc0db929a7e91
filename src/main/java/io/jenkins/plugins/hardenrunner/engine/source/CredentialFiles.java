package io.jenkins.plugins.hardenrunner.engine.source;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Files that hold secrets by their name or by what stands in them: of these nothing but size and digest is kept. */
public final class CredentialFiles {
    private static final List<Pattern> NAMES = List.of(
            Pattern.compile("\\.env(\\..*)?|.*\\.env"),
            Pattern.compile("\\.(npmrc|netrc|pypirc|pgpass|htpasswd|git-credentials|dockercfg|vault-token|s3cfg|boto)|_netrc"),
            Pattern.compile("\\.yarnrc(\\.yml)?|pip\\.conf|nuget\\.config|settings-security\\.xml"),
            Pattern.compile(".*\\.(pem|key|p8|p12|pfx|jks|jceks|keystore|bcfks|kdbx|ppk|asc|gpg|ovpn|tfvars|tfstate)"),
            Pattern.compile("id_(rsa|dsa|ecdsa|ed25519)([_.-].*)?"),
            Pattern.compile("(.*[._-])?(secrets?|credentials?|passwords?|passwd|tokens?)"
                    // Not code that handles such things: its changes are what a diff is for.
                    + "(\\.(ya?ml|json|txt|ini|conf|cfg|properties|toml|xml|env|enc|dat|db))?"),
            Pattern.compile("kubeconfig|service[_-]account.*\\.json|application_default_credentials\\.json"));

    private static final List<Pattern> PATHS = List.of(
            Pattern.compile(".*/\\.git/(modules/.*/|worktrees/.*/)?config(\\.worktree)?"),
            Pattern.compile(".*/(\\.docker/config\\.json|\\.kube/config|\\.aws/.*|\\.ssh/.*|\\.gnupg/.*|\\.config/gcloud/.*|\\.m2/settings\\.xml|\\.gradle/gradle\\.properties|\\.gitconfig"
                    + "|\\.config/git/config|\\.cargo/credentials.*|\\.config/pip/pip\\.conf)"));

    private static final Pattern CONTENT = Pattern.compile(
            "-----BEGIN [A-Z ]*PRIVATE KEY|\\bA(KIA|SIA)[0-9A-Z]{16}\\b|\\bgh[pousr]_[0-9A-Za-z]{30,}|\\bgithub_pat_\\w{30,}"
                    + "|\\bglpat-[\\w-]{20,}|\\bnpm_[0-9A-Za-z]{30,}|\\bxox[abprs]-[\\w-]{10,}|\\bAIza[\\w-]{35}\\b"
                    + "|\\beyJ[\\w-]{10,}\\.eyJ[\\w-]{10,}\\.[\\w-]+|://[^/\\s:@]+:[^/\\s@]+@"
                    + "|(?i:(password|passwd|secret|api[_-]?key|access[_-]?key|auth[_-]?token|client[_-]?secret)[\"']?\\s*[:=]\\s*[\"'][^\"'\\s$]{8,})");

    private CredentialFiles() {}

    /** Whether a path looks like that of a file with secrets. */
    public static boolean named(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        return NAMES.stream().anyMatch(pattern -> pattern.matcher(name).matches())
                || PATHS.stream().anyMatch(pattern -> pattern.matcher(path).matches());
    }

    /** Whether a content holds something that looks like a private key, a token or a password. */
    static boolean holds(byte[] content) {
        return content != null && CONTENT.matcher(new String(content, StandardCharsets.ISO_8859_1)).find();
    }
}
