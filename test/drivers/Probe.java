// JDBC against one server: metadata, types, prepared push-down, streaming, cancel.
// java -cp postgresql.jar Probe.java HOST PORT; prints "name<TAB>value" lines.
import java.sql.*;

public class Probe {
	static void say(String name, Object value) {
		System.out.println(name + "\t" + value);
	}

	public static void main(String[] args) throws Exception {
		String url = "jdbc:postgresql://" + args[0] + ":" + args[1] + "/postgres?user=analyst&preferQueryMode=extended";
		try (Connection c = DriverManager.getConnection(url)) {
			DatabaseMetaData meta = c.getMetaData();
			try (ResultSet r = meta.getTables(null, "hub", "models", null)) {
				r.next();
				say("table", r.getString("TABLE_TYPE") + ": " + r.getString("REMARKS"));
			}
			try (ResultSet r = meta.getColumns(null, "hub", "models", "downloads")) {
				r.next();
				say("column", r.getString("TYPE_NAME") + ": " + r.getString("REMARKS"));
			}
			try (Statement s = c.createStatement();
				 ResultSet r = s.executeQuery("SELECT downloads, created_at, tags, trending_score, private FROM hub.models LIMIT 1")) {
				StringBuilder types = new StringBuilder();
				for (int i = 1; i <= r.getMetaData().getColumnCount(); i++)
					types.append(i > 1 ? "," : "").append(JDBCType.valueOf(r.getMetaData().getColumnType(i)));
				say("types", types);
			}
			try (PreparedStatement p = c.prepareStatement("SELECT count(*) FROM hub.models WHERE author = ?")) {
				for (int i = 0; i < 7; i++) {	// past the switch to a server-side plan
					p.setString(1, args[2]);
					try (ResultSet r = p.executeQuery()) {
						r.next();
						say("prepared", r.getLong(1));
					}
				}
			}
			c.setAutoCommit(false);
			try (Statement s = c.createStatement()) {
				s.setFetchSize(50);
				long n = 0;
				try (ResultSet r = s.executeQuery("SELECT id FROM hub.models")) {
					while (n < 120 && r.next())
						n++;
				}
				say("streamed", n);
			}
			c.rollback();
			c.setAutoCommit(true);
			try (Statement s = c.createStatement();
				 ResultSet r = s.executeQuery("SELECT summary, gini FROM board.concentration")) {
				r.next();
				say("summary", r.getString(1).startsWith("distribution") || r.getString(1).length() > 8);
				say("gini", r.getDouble(2));
			}
			Statement slow = c.createStatement();
			Thread killer = new Thread(() -> {
				try {
					Thread.sleep(500);
					slow.cancel();
				} catch (Exception e) {
					say("cancel failed", e);
				}
			});
			killer.start();
			long began = System.nanoTime();
			try {
				slow.executeQuery("SELECT count(*) FROM slow.models");
				say("cancelled", "no");
			} catch (SQLException e) {
				say("cancelled", e.getSQLState());
			}
			killer.join();
			say("cancel_late", (System.nanoTime() - began) / 1e9 < 5 ? "no" : "yes");
		}
	}
}
