package dev.parley.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;

@Command(name = "version", description = "Prints the version.")
final class VersionCommand implements Runnable {

    @Mixin
    private Output output = new Output();

    @Override
    public void run() {
        var object = Output.object(
                "version", Provider.ofParley(), "java", Runtime.version().toString());
        output.say(Provider.version(), object);
    }

    static final class Provider implements IVersionProvider {

        @Override
        public String[] getVersion() {
            return new String[] {version()};
        }

        static String version() {
            return "parley " + ofParley() + " on Java " + Runtime.version();
        }

        static String ofParley() {
            var version = VersionCommand.class.getPackage().getImplementationVersion();
            return version == null ? "(run from classes)" : version;
        }
    }
}
