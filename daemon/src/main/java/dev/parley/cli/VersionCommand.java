package dev.parley.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(name = "version", description = "Prints the version.")
final class VersionCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything else runs
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().getOut().println(Provider.version());
    }

    static final class Provider implements IVersionProvider {

        @Override
        public String[] getVersion() {
            return new String[] {version()};
        }

        static String version() {
            var version = VersionCommand.class.getPackage().getImplementationVersion();
            return "parley " + (version == null ? "(run from classes)" : version) + " on Java " + Runtime.version();
        }
    }
}
