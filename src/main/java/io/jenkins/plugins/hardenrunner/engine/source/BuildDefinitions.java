package io.jenkins.plugins.hardenrunner.engine.source;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Files that steer build tools without being named on a command line. Where version control does not track them (they
 * are ignored, or new) they can bend a build as well as a source can. Files that builds themselves generate, such as
 * {@code Makefile}, are not among them.
 */
final class BuildDefinitions {
    private static final Set<String> NAMES = Set.of(
            // npm and its relatives; a binding.gyp makes npm run node-gyp although no script says so
            ".npmrc", ".yarnrc", ".yarnrc.yml", ".pnpmfile.cjs", "binding.gyp", "package.json", ".babelrc", "babel.config.js",
            "webpack.config.js", "jest.config.js", "vite.config.js",
            // Java
            "pom.xml", "build.gradle", "build.gradle.kts", "settings.gradle", "settings.gradle.kts", "gradle.properties",
            "init.gradle", "build.xml", "ivysettings.xml",
            // C: GNU make prefers this name to Makefile
            "GNUmakefile", "CMakeLists.txt", "CMakeUserPresets.json", "meson.build",
            // Python: imported or read at start without being asked for
            "conftest.py", "sitecustomize.py", "usercustomize.py", "setup.py", "setup.cfg", "pyproject.toml", "tox.ini",
            "pytest.ini", "noxfile.py", "pip.conf",
            // others
            "Cargo.toml", "build.rs", "go.mod", "go.work", "BUILD.bazel", "WORKSPACE", "WORKSPACE.bazel", "MODULE.bazel",
            ".bazelrc", "Rakefile", "Gemfile", "Directory.Build.props", "Directory.Build.targets", "nuget.config",
            "NuGet.Config", "Dockerfile", "Jenkinsfile", ".gitattributes", ".gitmodules", ".envrc");

    /** Folders of which every file counts. */
    private static final List<String> FOLDERS = List.of(".mvn", ".cargo", ".bundle");

    private static final List<String> HOME = List.of(
            ".gitconfig", ".config/git/config", ".config/git/attributes", ".npmrc", ".yarnrc", ".yarnrc.yml",
            ".m2/settings.xml", ".m2/toolchains.xml", ".mavenrc", ".gradle/gradle.properties", ".gradle/init.gradle",
            ".gradle/init.gradle.kts", ".pip/pip.conf", ".config/pip/pip.conf", ".pypirc", ".pydistutils.cfg",
            ".cargo/config.toml", ".cargo/config", ".config/go/env", ".bazelrc", ".gemrc", ".bashrc", ".bash_profile",
            ".bash_login", ".profile", ".zshrc", ".zshenv", ".ssh/config", ".ssh/authorized_keys");

    private BuildDefinitions() {}

    static Set<String> names() {
        return NAMES;
    }

    static boolean named(String name) {
        return NAMES.contains(name);
    }

    /** The folders in and beside a folder with a build of which every file counts; they need not exist. */
    static List<Path> wholeFolders(Path folder) {
        return FOLDERS.stream().map(folder::resolve).toList();
    }

    /** Files of the user that steer builds; they need not exist. */
    static List<Path> ofUser(Path home) {
        List<Path> paths = new ArrayList<>();
        HOME.forEach(name -> paths.add(home.resolve(name)));
        return paths;
    }
}
